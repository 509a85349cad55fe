pkg_name=pkg-config
pkg_description="The pkg-config of this machine"
host_programs=(pkg-config pkgconf)

source "${BASH_SOURCE[0]%/*}/../host.sh"
