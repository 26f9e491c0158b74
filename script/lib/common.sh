# Read by the scripts beside this folder, which have set `root` to the top of the tree.

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$(basename "$0"): $*"
    exit 1
}

# quietly NAME COMMAND...: what it says goes to build/NAME.log, and is shown if it fails.
quietly() {
    log=$root/build/$1.log
    shift
    mkdir -p "$root/build"
    "$@" >"$log" 2>&1 || {
        code=$?
        tail -n 60 "$log" >&2
        say "failed: $*"
        return "$code"
    }
}

# The web tool chain needs Node.js 20.19, or 22.12 and later.
node_is_new_enough() {
    command -v node >/dev/null && command -v npm >/dev/null || return 1
    node -e 'const [major, minor] = process.versions.node.split(".").map(Number)
        process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1)'
}

# The Node.js that script/bootstrap may have put into the build folder comes first.
use_node() {
    if [ -x "$root/build/node/bin/node" ]; then
        PATH="$root/build/node/bin:$PATH"
        export PATH
    fi
}

# digest_of FILE...: one line that changes when any of the files, or its name, does.
digest_of() { sha256sum -- "$@" | sha256sum | cut -d ' ' -f 1; }
