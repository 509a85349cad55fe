pkg_name=cacerts
pkg_description="Certificates of authorities that this machine trusts"
pkg_version=0
host_files=(ssl/certs/cacert.pem=/etc/ssl/certs/ca-certificates.crt ssl/cert.pem=/etc/ssl/certs/ca-certificates.crt)

source "${BASH_SOURCE[0]%/*}/../host.sh"
