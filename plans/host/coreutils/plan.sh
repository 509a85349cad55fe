pkg_name=coreutils
pkg_description="Files, texts and shells: the basic programs of this machine"
host_programs=(
  env '[' b2sum base32 base64 basename basenc cat chcon chgrp chmod chown chroot cksum comm cp csplit cut date dd df dir
  dircolors dirname du echo expand expr factor false fmt fold groups head hostid id install join kill link ln logname ls
  md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc numfmt od paste pathchk pinky pr printenv printf ptx pwd
  readlink realpath rm rmdir runcon seq sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat
  stdbuf stty sum sync tac tail tee test timeout touch tr true truncate tsort tty uname unexpand uniq unlink users vdir
  wc who whoami yes
)
pkg_interpreters=(bin/env)

source "${BASH_SOURCE[0]%/*}/../host.sh"
