pkg_name=libyaml
pkg_description="libyaml of this machine"
host_headers=(yaml.h)
host_libraries=(yaml)
host_pconfig=(yaml-0.1)

source "${BASH_SOURCE[0]%/*}/../host.sh"
