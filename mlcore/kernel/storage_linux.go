package kernel

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// smallestAdvised is the storage, in bytes, from which the call is worth it: a network's activations lie side by side
// and share a page.
const smallestAdvised = 64 << 10

// adviseHugePages tells the kernel before the pages are first touched. It is advice: an error changes nothing.
func adviseHugePages[T Float](s []T) {
	size := uintptr(len(s)) * unsafe.Sizeof(T(0))
	if size < smallestAdvised {
		return
	}
	// Go's heap comes in aligned arenas of many huge pages, so the whole pages around s belong to it.
	start := uintptr(unsafe.Pointer(unsafe.SliceData(s)))
	first := start &^ (hugePage - 1)
	end := (start + size + hugePage - 1) &^ (hugePage - 1)
	_, _, _ = unix.Syscall(unix.SYS_MADVISE, first, end-first, unix.MADV_HUGEPAGE)
}
