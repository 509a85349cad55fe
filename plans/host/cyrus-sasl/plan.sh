pkg_name=cyrus-sasl
pkg_description="SASL of this machine"
host_headers=(sasl)
host_libraries=(sasl2)
host_pconfig=(libsasl2)

source "${BASH_SOURCE[0]%/*}/../host.sh"
