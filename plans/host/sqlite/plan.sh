pkg_name=sqlite
pkg_description="SQLite of this machine"
host_headers=(sqlite3.h sqlite3ext.h)
host_libraries=(sqlite3)
host_pconfig=(sqlite3)
host_files=(bin/sqlite3=/usr/bin/sqlite3)

source "${BASH_SOURCE[0]%/*}/../host.sh"
