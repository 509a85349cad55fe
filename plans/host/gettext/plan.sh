pkg_name=gettext
pkg_description="Message catalogues: the gettext of this machine"
host_programs=(
  gettext envsubst ngettext msgfmt msgmerge msgcat msgconv msginit msgfilter xgettext autopoint gettextize
)

source "${BASH_SOURCE[0]%/*}/../host.sh"
