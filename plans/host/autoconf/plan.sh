pkg_name=autoconf
pkg_description="The autoconf of this machine"
host_programs=(autoconf autoheader autom4te autoreconf autoscan autoupdate ifnames)

source "${BASH_SOURCE[0]%/*}/../host.sh"
