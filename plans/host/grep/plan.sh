pkg_name=grep
pkg_description="The grep of this machine"
host_programs=(grep egrep fgrep)

source "${BASH_SOURCE[0]%/*}/../host.sh"
