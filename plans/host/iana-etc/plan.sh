pkg_name=iana-etc
pkg_description="Names of protocols and services, of this machine"
pkg_version=0
host_files=(etc/services=/etc/services etc/protocols=/etc/protocols)

source "${BASH_SOURCE[0]%/*}/../host.sh"
