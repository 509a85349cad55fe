pkg_name=jq
pkg_description="The jq of this machine"
host_programs=(jq)

source "${BASH_SOURCE[0]%/*}/../host.sh"
