pkg_name=tzdata
pkg_description="Time zones of this machine"
pkg_version=0
host_files=(share/zoneinfo=/usr/share/zoneinfo)

source "${BASH_SOURCE[0]%/*}/../host.sh"
