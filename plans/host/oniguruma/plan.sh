pkg_name=oniguruma
pkg_description="Oniguruma of this machine"
host_headers=(oniguruma.h oniggnu.h onigposix.h)
host_libraries=(onig)
host_pconfig=(oniguruma)
host_scripts=(onig-config)

source "${BASH_SOURCE[0]%/*}/../host.sh"
