pkg_name=util-linux
pkg_description="Programs around the kernel, of this machine"
host_programs=(
  mount umount lsblk blkid findmnt flock getopt hexdump kill logger losetup more nsenter rename script setsid unshare
  uuidgen whereis
)
host_headers=(uuid blkid libmount)
host_libraries=(uuid blkid mount)
host_pconfig=(uuid blkid mount)

source "${BASH_SOURCE[0]%/*}/../host.sh"
