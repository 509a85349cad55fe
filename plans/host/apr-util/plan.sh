pkg_name=apr-util
pkg_description="Companion of the Apache Portable Runtime, of this machine"
# Debian links it with LDAP: its headers and its users ask for that too.
host_headers=(
  apr-1.0/apu.h apr-1.0/apr_anylock.h apr-1.0/apr_base64.h apr-1.0/apr_buckets.h apr-1.0/apr_crypto.h
  apr-1.0/apr_date.h apr-1.0/apr_dbd.h apr-1.0/apr_dbm.h apr-1.0/apr_hooks.h apr-1.0/apr_ldap.h
  apr-1.0/apr_ldap_init.h apr-1.0/apr_ldap_option.h apr-1.0/apr_ldap_rebind.h apr-1.0/apr_ldap_url.h apr-1.0/apr_md4.h
  apr-1.0/apr_md5.h apr-1.0/apr_memcache.h apr-1.0/apr_optional.h apr-1.0/apr_optional_hooks.h apr-1.0/apr_queue.h
  apr-1.0/apr_redis.h apr-1.0/apr_reslist.h apr-1.0/apr_rmm.h apr-1.0/apr_sdbm.h apr-1.0/apr_sha1.h
  apr-1.0/apr_siphash.h apr-1.0/apr_strmatch.h apr-1.0/apr_thread_pool.h apr-1.0/apr_uri.h apr-1.0/apr_uuid.h
  apr-1.0/apr_xlate.h apr-1.0/apr_xml.h apr-1.0/apu_errno.h apr-1.0/apu_version.h apr-1.0/apu_want.h lber.h
  lber_types.h ldap.h ldap_cdefs.h ldap_features.h ldap_schema.h ldap_utf8.h
)
host_libraries=(aprutil-1 ldap lber)
host_pconfig=(apr-util-1)
host_scripts=(apu-1-config apu-config=apu-1-config)

source "${BASH_SOURCE[0]%/*}/../host.sh"
