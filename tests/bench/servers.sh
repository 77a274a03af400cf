# What the benchmarks share, sourced: a scratch folder, servers that end with the script, medians.

scratch=$(mktemp -d)
servers=()
declare -A server
clean() {
	local status=$?
	trap - EXIT
	[ "${#servers[@]}" -eq 0 ] || kill "${servers[@]}" 2>/dev/null || true
	wait
	rm -rf "$scratch"
	exit "$status"
}
trap clean EXIT
trap 'exit 130' INT TERM

# start NAME COMMAND...: a server in the background; what it prints goes to $scratch/NAME.out.
start() {
	local name=$1
	shift
	"$@" >"$scratch/$name.out" 2>"$scratch/$name.err" &
	servers+=($!)
	server[$name]=$!
}

servers_stop() {
	kill "${servers[@]}"
	wait "${servers[@]}" || true
	servers=()
}

# port_of NAME: as it says itself on its first line; fails with what it said instead.
port_of() {
	local tries
	for ((tries = 0; tries < 6000; tries++)); do
		if grep -q '^listening on' "$scratch/$1.out"; then
			sed -n 's/^listening on .*://p' "$scratch/$1.out"
			return 0
		fi
		kill -0 "${server[$1]}" 2>/dev/null || break
		sleep 0.01
	done
	cat "$scratch/$1.err" >&2
	return 1
}

median() { sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }
