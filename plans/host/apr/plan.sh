pkg_name=apr
pkg_description="The Apache Portable Runtime of this machine"
host_headers=(apr-1.0)
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
