pkg_name=pcre
pkg_description="PCRE of this machine"
host_headers=(pcre.h pcre_scanner.h pcre_stringpiece.h pcrecpp.h pcrecpparg.h pcreposix.h)
host_libraries=(pcre pcre16 pcre32 pcreposix pcrecpp)
host_pconfig=(libpcre libpcre16 libpcre32 libpcreposix libpcrecpp)
host_scripts=(pcre-config)

source "${BASH_SOURCE[0]%/*}/../host.sh"
