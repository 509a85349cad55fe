pkg_name=apr
pkg_description="The Apache Portable Runtime of this machine"
# apr-util has its headers in the same folder; httpd wants each only once.
host_headers=(
  apr-1.0/apr.h apr-1.0/apr_allocator.h apr-1.0/apr_atomic.h apr-1.0/apr_cstr.h apr-1.0/apr_dso.h apr-1.0/apr_encode.h
  apr-1.0/apr_env.h apr-1.0/apr_errno.h apr-1.0/apr_escape.h apr-1.0/apr_file_info.h apr-1.0/apr_file_io.h
  apr-1.0/apr_fnmatch.h apr-1.0/apr_general.h apr-1.0/apr_getopt.h apr-1.0/apr_global_mutex.h apr-1.0/apr_hash.h
  apr-1.0/apr_inherit.h apr-1.0/apr_lib.h apr-1.0/apr_mmap.h apr-1.0/apr_network_io.h apr-1.0/apr_perms_set.h
  apr-1.0/apr_poll.h apr-1.0/apr_pools.h apr-1.0/apr_portable.h apr-1.0/apr_proc_mutex.h apr-1.0/apr_random.h
  apr-1.0/apr_ring.h apr-1.0/apr_shm.h apr-1.0/apr_signal.h apr-1.0/apr_skiplist.h apr-1.0/apr_strings.h
  apr-1.0/apr_support.h apr-1.0/apr_tables.h apr-1.0/apr_thread_cond.h apr-1.0/apr_thread_mutex.h
  apr-1.0/apr_thread_proc.h apr-1.0/apr_thread_rwlock.h apr-1.0/apr_time.h apr-1.0/apr_user.h apr-1.0/apr_version.h
  apr-1.0/apr_want.h
)
host_libraries=(apr-1)
host_pconfig=(apr-1)
host_scripts=(apr-1-config apr-config=apr-1-config)
host_texts=(
  share/apr-1.0/build/apr_rules.mk=/usr/share/apr-1.0/build/apr_rules.mk
  share/apr-1.0/build/libtool=/usr/share/apr-1.0/build/libtool
)
host_files=(
  share/apr-1.0/build/PrintPath=/usr/share/apr-1.0/build/PrintPath
  share/apr-1.0/build/mkdir.sh=/usr/share/apr-1.0/build/mkdir.sh
  share/apr-1.0/build/install.sh=/usr/share/apr-1.0/build/install.sh
)

source "${BASH_SOURCE[0]%/*}/../host.sh"
