pkg_name=ncurses
pkg_description="ncurses of this machine"
host_headers=(
  ncurses.h curses.h ncurses_dll.h unctrl.h term.h termcap.h eti.h form.h menu.h panel.h cursesapp.h cursesf.h
  cursesm.h cursesp.h cursesw.h cursslk.h etip.h nc_tparm.h tic.h
)
host_libraries=(ncurses ncursesw tinfo curses form formw menu menuw panel panelw)
host_pconfig=(ncurses ncursesw tinfo form menu panel)
host_scripts=(ncurses6-config ncursesw6-config)
host_files=(bin/tic=/usr/bin/tic bin/infocmp=/usr/bin/infocmp bin/tput=/usr/bin/tput bin/clear=/usr/bin/clear)

source "${BASH_SOURCE[0]%/*}/../host.sh"
