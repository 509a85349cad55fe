pkg_name=unzip
pkg_description="The unzip of this machine"
host_programs=(unzip funzip unzipsfx zipinfo)
pkg_version=$(unzip -v 2>/dev/null | sed -n '1s/^UnZip \([0-9.]*\).*/\1/p' || true)
pkg_version=${pkg_version:-0}

source "${BASH_SOURCE[0]%/*}/../host.sh"
