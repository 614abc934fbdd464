// Command gen writes the assembly of package kernel for amd64: AVX2 with FMA, and AVX-512. It is a module of its own,
// so that the application does not depend on avo. Run it from this folder:
//
//	go run . -out ../kernels_amd64.s -declarations ../stubs_amd64.go
//
// The structs whose field offsets are written here are in tile.go and planes.go.
package main

import (
	"flag"
	"fmt"
	"log"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is an instruction set: a vector holds w float32 values.
type isa struct {
	suffix string
	w      int
	lanes  int // of a block that are computed
}

var (
	avx2   = isa{"AVX2", 8, lanes}
	avx512 = isa{"AVX512", 16, lanes}
	// half is AVX-512's 32 registers with vectors of 8 lanes, for a block that has no more samples than that.
	half = isa{"AVX512Half", 8, 8}
)

// lanes is the number of samples in a block; vectors says how many vectors hold those that are computed.
const lanes = 16

func (s isa) vectors() int { return s.lanes / s.w }
func (s isa) bytes() int   { return 4 * s.w }

// vec is a fresh vector register.
func (s isa) vec() reg.VecVirtual {
	if s.w == 16 {
		return ZMM()
	}
	return YMM()
}

func (s isa) vecs(n int) []reg.VecVirtual {
	v := make([]reg.VecVirtual, n)
	for i := range v {
		v[i] = s.vec()
	}
	return v
}

func (s isa) zero(v Op) {
	if s != avx2 {
		VPXORD(v, v, v)
	} else {
		VXORPS(v, v, v)
	}
}

// function begins a kernel that takes one pointer to a struct of arguments, of the named type, and returns that pointer.
func (s isa) function(name, arguments string) reg.GPVirtual {
	declare(name+s.suffix, "func(args *"+arguments+")")
	return Load(Param("args"), GP64()).(reg.GPVirtual)
}

// field is a field of the struct of arguments at args.
func field(args reg.Register, offset int) Mem { return Mem{Base: args, Disp: offset} }

// load copies a field into a fresh register.
func load(args reg.Register, offset int) reg.GPVirtual {
	r := GP64()
	MOVQ(field(args, offset), r)
	return r
}

// scaled addresses i times a stride from a base: the stride s in a register, and 3s added to the base in upper.
func scaled(base, upper, stride reg.Register, i, disp int) Mem {
	switch i {
	case 0:
		return Mem{Base: base, Disp: disp}
	case 1:
		return Mem{Base: base, Index: stride, Scale: 1, Disp: disp}
	case 2:
		return Mem{Base: base, Index: stride, Scale: 2, Disp: disp}
	case 3:
		return Mem{Base: upper, Disp: disp}
	case 4:
		return Mem{Base: base, Index: stride, Scale: 4, Disp: disp}
	case 5:
		return Mem{Base: upper, Index: stride, Scale: 2, Disp: disp}
	}
	panic(fmt.Sprintf("stride %d", i))
}

func main() {
	ConstraintExpr("amd64")
	for outputs := 1; outputs <= 5; outputs++ {
		for pixels := 1; pixels <= 5; pixels++ {
			correlate(avx512, outputs, pixels)
			correlate(half, outputs, pixels)
		}
	}
	for outputs := 1; outputs <= 4; outputs++ {
		for pixels := 1; pixels <= 3; pixels++ {
			correlate(avx2, outputs, pixels)
		}
	}
	for outputs := 1; outputs <= 5; outputs++ {
		for taps := 1; taps <= 4; taps++ {
			correlateGrad(avx512, outputs, taps)
			correlateGrad(half, outputs, taps)
		}
	}
	for outputs := 1; outputs <= 4; outputs++ {
		for taps := 1; taps <= 3; taps++ {
			correlateGrad(avx2, outputs, taps)
		}
	}
	for _, s := range []isa{avx2, avx512} {
		elementwise(s)
		planes(s)
		activations(s)
		updates(s)
		peak(s)
	}
	declared := flag.String("declarations", "", "the Go file that declares the functions")
	Generate()
	if err := writeDeclarations(*declared); err != nil {
		log.Fatal(err)
	}
}
