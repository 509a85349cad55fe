pkg_name=binutils
pkg_description="Assembler, linker and their relatives of this machine"
host_programs=(
  ld as ar nm ranlib strip objcopy objdump readelf size strings addr2line c++filt elfedit gprof ld.bfd ld.gold dwp
)

source "${BASH_SOURCE[0]%/*}/../host.sh"
