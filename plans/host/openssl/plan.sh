pkg_name=openssl
pkg_description="OpenSSL of this machine, with its libraries"
host_programs=(openssl)
host_headers=(openssl)
host_libraries=(ssl crypto)
host_pconfig=(openssl libssl libcrypto)

source "${BASH_SOURCE[0]%/*}/../host.sh"
