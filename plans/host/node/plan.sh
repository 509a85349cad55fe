pkg_name=node
pkg_description="The Node.js of this machine"
host_programs=(node npm npx corepack)
pkg_interpreters=(bin/node)

source "${BASH_SOURCE[0]%/*}/../host.sh"
