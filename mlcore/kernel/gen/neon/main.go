// Command neon writes the assembly of package kernel for arm64: the two micro-kernels of the correlations. avo knows
// no arm64, so this writes text. Run it from the folder above:
//
//	go run ./neon > ../kernels_arm64.s
//
// Go's assembler lacks the vector forms of FADD, FMAX and FADDP: they are written as words. The offsets are those of
// kernel.tile and kernel.gradTile, as in gen/correlate.go and gen/grad.go.
package main

import (
	"bufio"
	"fmt"
	"os"
)

// Encodings from the Arm Architecture Reference Manual, section C7.2, for four single-precision elements.
const (
	fadd  = 0x4E20D400
	fmax  = 0x4E20F400
	faddp = 0x6E20D400
)

var out = bufio.NewWriter(os.Stdout)

func line(format string, args ...any) { fmt.Fprintf(out, "\t"+format+"\n", args...) }
func label(name string)               { fmt.Fprintf(out, "%s:\n", name) }

// word writes dst = op(a, b) on vector registers.
func word(op uint32, a, b, dst int) {
	line("WORD $0x%08X // V%d, V%d to V%d", op|uint32(b)<<16|uint32(a)<<5|uint32(dst), a, b, dst)
}

// list is four neighbouring vector registers.
func list(first int) string {
	return fmt.Sprintf("[V%d.S4, V%d.S4, V%d.S4, V%d.S4]", first, first+1, first+2, first+3)
}

func zero(v int) { line("VEOR V%d.B16, V%d.B16, V%d.B16", v, v, v) }

// firstAcc is the first of the sixteen accumulators.
const firstAcc = 16

// correlate writes some outputs × one pixel of sixteen lanes: four accumulators an output.
func correlate(outputs int) {
	acc := func(o int) int { return firstAcc + 4*o }
	fmt.Fprintf(out, "\n// func correlate%dx1NEON(args *tile)\nTEXT ·correlate%dx1NEON(SB), NOSPLIT, $0-8\n", outputs, outputs)
	line("MOVD args+0(FP), R0")
	line("MOVD 0(R0), R1")   // x
	line("MOVD 8(R0), R2")   // w
	line("MOVD 16(R0), R3")  // y
	line("MOVD 24(R0), R4")  // bias
	line("MOVD 104(R0), R5") // wOut
	line("MOVD 112(R0), R6") // yOut
	line("MOVD 48(R0), R7")  // repeat
	label("repeat")
	line("MOVD R4, R8")
	for o := range outputs {
		line("VLD1R.P 4(R8), [V%d.S4]", acc(o))
		for i := 1; i < 4; i++ {
			line("VMOV V%d.B16, V%d.B16", acc(o), acc(o)+i)
		}
	}
	line("MOVD 32(R0), R9")  // taps
	line("MOVD 40(R0), R10") // tapCount
	line("CBZ R10, store")
	label("tap")
	line("MOVW (R9), R11")
	line("ADD R11<<2, R1, R12")
	line("VLD1 (R12), %s", list(0))
	line("MOVW 4(R9), R11")
	line("ADD R11<<2, R2, R13")
	for o := range outputs {
		line("VLD1R (R13), [V%d.S4]", 4+o)
		if o < outputs-1 {
			line("ADD R5, R13")
		}
	}
	for o := range outputs {
		for i := range 4 {
			line("VFMLA V%d.S4, V%d.S4, V%d.S4", i, 4+o, acc(o)+i)
		}
	}
	line("ADD $8, R9")
	line("SUBS $1, R10, R10")
	line("BNE tap")

	label("store")
	line("MOVD 120(R0), R11") // accumulate
	line("CBZ R11, relu")
	line("MOVD 136(R0), R12") // source
	line("ADD R3, R12, R12")
	for o := range outputs {
		line("VLD1 (R12), %s", list(0))
		for i := range 4 {
			word(fadd, acc(o)+i, i, acc(o)+i)
		}
		line("ADD R6, R12")
	}
	label("relu")
	line("MOVD 128(R0), R11")
	line("CBZ R11, idle")
	zero(0)
	for o := range outputs {
		for i := range 4 {
			word(fmax, acc(o)+i, 0, acc(o)+i)
		}
	}
	label("idle")
	line("MOVD 144(R0), R12") // mask
	line("CBZ R12, put")
	line("VLD1 (R12), %s", list(0))
	for o := range outputs {
		for i := range 4 {
			line("VAND V%d.B16, V%d.B16, V%d.B16", i, acc(o)+i, acc(o)+i)
		}
	}
	label("put")
	line("MOVD R3, R12")
	for o := range outputs {
		line("VST1 %s, (R12)", list(acc(o)))
		line("ADD R6, R12")
	}
	for i, reg := range []int{1, 2, 3, 4} { // xStep, wStep, yStep, bStep
		line("MOVD %d(R0), R11", 56+8*i)
		line("ADD R11, R%d", reg)
	}
	line("SUBS $1, R7, R7")
	line("BNE repeat")
	line("RET")
}

// correlateGrad writes some outputs × taps: one accumulator each, whose lanes are added at the end.
func correlateGrad(outputs, taps int) {
	acc := func(o, k int) int { return firstAcc + 4*o + k }
	xAt, dyAt := []int{15, 16, 17, 19}, []int{20, 21, 22, 23}
	fmt.Fprintf(out, "\n// func correlateGrad%dx%dNEON(args *gradTile)\nTEXT ·correlateGrad%dx%dNEON(SB), NOSPLIT, $0-8\n", outputs, taps, outputs, taps)
	line("MOVD args+0(FP), R0")
	line("MOVD 24(R0), R9") // taps
	line("MOVD 32(R0), R7") // repeat
	label("repeat")
	for k := range taps {
		line("MOVW %d(R9), R%d", 8*k, 10+k)
		line("LSL $2, R%d", 10+k)
	}
	for o := range outputs {
		for k := range taps {
			zero(acc(o, k))
		}
	}
	line("MOVD 0(R0), R1")   // x
	line("MOVD 8(R0), R2")   // y
	line("MOVD 64(R0), R3")  // xCol
	line("MOVD 72(R0), R4")  // yCol
	line("MOVD 112(R0), R5") // yOut
	line("MOVD 40(R0), R6")  // blocks
	label("block")
	line("MOVD 48(R0), R8") // rows
	label("row")
	line("MOVD 56(R0), R14") // cols
	label("col")
	for k := range taps {
		line("ADD R%d, R1, R%d", 10+k, xAt[k])
	}
	for o := range outputs {
		if o == 0 {
			line("MOVD R2, R%d", dyAt[0])
		} else {
			line("ADD R5, R%d, R%d", dyAt[o-1], dyAt[o])
		}
	}
	for range 4 {
		for k := range taps {
			line("VLD1.P 16(R%d), [V%d.S4]", xAt[k], k)
		}
		for o := range outputs {
			line("VLD1.P 16(R%d), [V%d.S4]", dyAt[o], 4+o)
		}
		for o := range outputs {
			for k := range taps {
				line("VFMLA V%d.S4, V%d.S4, V%d.S4", k, 4+o, acc(o, k))
			}
		}
	}
	line("ADD R3, R1")
	line("ADD R4, R2")
	line("SUBS $1, R14, R14")
	line("BNE col")
	for i, counter := range []int{8, 6} { // rows, blocks
		line("MOVD %d(R0), R24", 80+16*i)
		line("ADD R24, R1")
		line("MOVD %d(R0), R24", 88+16*i)
		line("ADD R24, R2")
		line("SUBS $1, R%d, R%d", counter, counter)
		line("BNE %s", []string{"row", "block"}[i])
	}
	line("MOVD 16(R0), R25") // w
	line("MOVW 4(R9), R24")
	line("ADD R24<<2, R25, R25")
	line("MOVD 120(R0), R26") // wOut
	for o := range outputs {
		last := acc(o, taps-1)
		second := min(acc(o, 1), last)
		third := min(acc(o, 2), last)
		word(faddp, acc(o, 0), second, 0)
		word(faddp, third, last, 1)
		word(faddp, 0, 1, 0)
		if taps == 4 {
			line("VLD1 (R25), [V1.S4]")
			word(fadd, 0, 1, 0)
			line("VST1 [V0.S4], (R25)")
		} else {
			for k := range taps {
				line("VDUP V0.S[%d], V2.S4", k)
				line("FMOVS %d(R25), F1", 4*k)
				line("FADDS F2, F1, F1")
				line("FMOVS F1, %d(R25)", 4*k)
			}
		}
		line("ADD R26, R25")
	}
	line("ADD $%d, R9", 8*taps)
	line("SUBS $1, R7, R7")
	line("BNE repeat")
	line("RET")
}

func main() {
	fmt.Fprintf(out, "// Code generated by gen/neon. DO NOT EDIT.\n\n//go:build arm64\n\n#include \"textflag.h\"\n")
	for outputs := 1; outputs <= 4; outputs++ {
		correlate(outputs)
	}
	for outputs := 1; outputs <= 4; outputs++ {
		for taps := 1; taps <= 4; taps++ {
			correlateGrad(outputs, taps)
		}
	}
	if err := out.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
