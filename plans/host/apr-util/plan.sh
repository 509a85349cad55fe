pkg_name=apr-util
pkg_description="Companion of the Apache Portable Runtime, of this machine"
# Its own headers ask for those of LDAP.
host_headers=(apr-1.0 lber.h lber_types.h ldap.h ldap_cdefs.h ldap_features.h ldap_schema.h ldap_utf8.h)
host_libraries=(aprutil-1)
host_pconfig=(apr-util-1)
host_scripts=(apu-1-config apu-config=apu-1-config)

source "${BASH_SOURCE[0]%/*}/../host.sh"
