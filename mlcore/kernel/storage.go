package kernel

// hugePage is the size of the pages that large storage asks for: a network of many megabytes walks through more pages
// of 4 KiB than the processor's address cache holds, which costs a tenth of a step.
const hugePage = 2 << 20

// Storage returns n zeros. Large storage lies on huge pages where the system has them.
func Storage[T Float](n int) []T {
	s := make([]T, n)
	adviseHugePages(s)
	return s
}
