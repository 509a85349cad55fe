pkg_name=libevent
pkg_description="libevent of this machine"
host_headers=(event2 event.h evdns.h evhttp.h evrpc.h evutil.h)
host_libraries=(event event_core event_extra event_openssl event_pthreads)
host_pconfig=(libevent libevent_core libevent_extra libevent_openssl libevent_pthreads)

source "${BASH_SOURCE[0]%/*}/../host.sh"
