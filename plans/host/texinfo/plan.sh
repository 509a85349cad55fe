pkg_name=texinfo
pkg_description="The texinfo of this machine"
host_programs=(makeinfo texi2any texi2dvi install-info)

source "${BASH_SOURCE[0]%/*}/../host.sh"
