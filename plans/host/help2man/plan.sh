pkg_name=help2man
pkg_description="The help2man of this machine"
host_programs=(help2man)

source "${BASH_SOURCE[0]%/*}/../host.sh"
