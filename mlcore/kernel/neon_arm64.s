// The micro-kernels of the correlations in NEON: 4 lanes a vector, 32 registers.

#include "textflag.h"
#include "go_asm.h"

// Go's assembler lacks the vector forms of FADD, FMAX and FADDP: these are their encodings for four floats, from the Arm
// Architecture Reference Manual, section C7.2. Registers go by their numbers: d = a op b.
#define FADD(a, b, d) WORD $(0x4E20D400|b<<16|a<<5|d)
#define FMAX(a, b, d) WORD $(0x4E20F400|b<<16|a<<5|d)
#define FADDP(a, b, d) WORD $(0x6E20D400|b<<16|a<<5|d)

#define ZERO(v) VEOR v.B16, v.B16, v.B16

// ROWSn calls F for n outputs: with four accumulators, their numbers, the register of a weight or of dy, and that of a
// vector's address.
#define ROWS1(F) F(V16, V17, V18, V19, 16, 17, 18, 19, V4, R20)
#define ROWS2(F) ROWS1(F); F(V20, V21, V22, V23, 20, 21, 22, 23, V5, R21)
#define ROWS3(F) ROWS2(F); F(V24, V25, V26, V27, 24, 25, 26, 27, V6, R22)
#define ROWS4(F) ROWS3(F); F(V28, V29, V30, V31, 28, 29, 30, 31, V7, R23)

#define LOAD VLD1 (R12), [V0.S4, V1.S4, V2.S4, V3.S4]

#define BIAS(a0, a1, a2, a3, n0, n1, n2, n3, w, r) \
	VLD1R.P 4(R8), [a0.S4] \
	VMOV a0.B16, a1.B16 \
	VMOV a0.B16, a2.B16 \
	VMOV a0.B16, a3.B16

#define WEIGHT(a0, a1, a2, a3, n0, n1, n2, n3, w, r) VLD1R (R13), [w.S4]; ADD R5, R13

#define MULTIPLY_ADD(a0, a1, a2, a3, n0, n1, n2, n3, w, r) \
	VFMLA V0.S4, w.S4, a0.S4 \
	VFMLA V1.S4, w.S4, a1.S4 \
	VFMLA V2.S4, w.S4, a2.S4 \
	VFMLA V3.S4, w.S4, a3.S4

#define ADD_SOURCE(a0, a1, a2, a3, n0, n1, n2, n3, w, r) \
	LOAD \
	FADD(n0, 0, n0) \
	FADD(n1, 1, n1) \
	FADD(n2, 2, n2) \
	FADD(n3, 3, n3) \
	ADD R6, R12

#define POSITIVE(a0, a1, a2, a3, n0, n1, n2, n3, w, r) \
	FMAX(n0, 0, n0) \
	FMAX(n1, 0, n1) \
	FMAX(n2, 0, n2) \
	FMAX(n3, 0, n3)

#define KEEP(a0, a1, a2, a3, n0, n1, n2, n3, w, r) \
	VAND V0.B16, a0.B16, a0.B16 \
	VAND V1.B16, a1.B16, a1.B16 \
	VAND V2.B16, a2.B16, a2.B16 \
	VAND V3.B16, a3.B16, a3.B16

#define PUT(a0, a1, a2, a3, n0, n1, n2, n3, w, r) VST1 [a0.S4, a1.S4, a2.S4, a3.S4], (R12); ADD R6, R12

#define STEP(field, r) MOVD field(R0), R11; ADD R11, r

// CORRELATE is kernel.tile's computation for some outputs × one pixel, the tile at R0.
#define CORRELATE(ROWS) \
	MOVD tile_x(R0), R1 \
	MOVD tile_w(R0), R2 \
	MOVD tile_y(R0), R3 \
	MOVD tile_bias(R0), R4 \
	MOVD tile_wOut(R0), R5 \
	MOVD tile_yOut(R0), R6 \
	MOVD tile_repeat(R0), R7 \
repeat: \
	MOVD R4, R8 \
	ROWS(BIAS) \
	MOVD tile_taps(R0), R9 \
	MOVD tile_tapCount(R0), R10 \
	CBZ R10, store \
tap: \
	MOVW Tap_X(R9), R11 \
	ADD R11<<2, R1, R12 \
	LOAD \
	MOVW Tap_W(R9), R11 \
	ADD R11<<2, R2, R13 \
	ROWS(WEIGHT) \
	ROWS(MULTIPLY_ADD) \
	ADD $Tap__size, R9 \
	SUBS $1, R10, R10 \
	BNE tap \
store: \
	MOVD tile_accumulate(R0), R11 \
	CBZ R11, relu \
	MOVD tile_source(R0), R12 \
	ADD R3, R12, R12 \
	ROWS(ADD_SOURCE) \
relu: \
	MOVD tile_relu(R0), R11 \
	CBZ R11, idle \
	ZERO(V0) \
	ROWS(POSITIVE) \
idle: \
	MOVD tile_mask(R0), R12 \
	CBZ R12, put \
	LOAD \
	ROWS(KEEP) \
put: \
	MOVD R3, R12 \
	ROWS(PUT) \
	STEP(tile_xStep, R1) \
	STEP(tile_wStep, R2) \
	STEP(tile_yStep, R3) \
	STEP(tile_bStep, R4) \
	SUBS $1, R7, R7 \
	BNE repeat \
	RET

// TAPSn calls F for n taps: with the tap, the register of its offset, that of a vector's address, and its vector.
#define TAPS1(F) F(0, R10, R15, V0)
#define TAPS2(F) TAPS1(F); F(1, R11, R16, V1)
#define TAPS3(F) TAPS2(F); F(2, R12, R17, V2)
#define TAPS4(F) TAPS3(F); F(3, R13, R19, V3)

#define OFFSET(k, offset, at, in) MOVW (k*Tap__size+Tap_X)(R9), offset; LSL $2, offset
#define TAP_AT(k, offset, at, in) ADD offset, R1, at
#define LOAD_TAP(k, offset, at, in) VLD1.P 16(at), [in.S4]
#define NEXT_TAP(k, offset, at, in) ADD $Tap__size, R9

// R24 walks over the outputs' dy.
#define DY_AT(a0, a1, a2, a3, n0, n1, n2, n3, w, r) MOVD R24, r; ADD R5, R24
#define LOAD_DY(a0, a1, a2, a3, n0, n1, n2, n3, w, r) VLD1.P 16(r), [w.S4]
#define CLEAR(a0, a1, a2, a3, n0, n1, n2, n3, w, r) ZERO(a0); ZERO(a1); ZERO(a2); ZERO(a3)

#define FMA1(a0, a1, a2, a3, n0, n1, n2, n3, w, r) VFMLA V0.S4, w.S4, a0.S4
#define FMA2(a0, a1, a2, a3, n0, n1, n2, n3, w, r) FMA1(a0, a1, a2, a3, n0, n1, n2, n3, w, r); VFMLA V1.S4, w.S4, a1.S4
#define FMA3(a0, a1, a2, a3, n0, n1, n2, n3, w, r) FMA2(a0, a1, a2, a3, n0, n1, n2, n3, w, r); VFMLA V2.S4, w.S4, a2.S4
#define FMA4(a0, a1, a2, a3, n0, n1, n2, n3, w, r) FMA3(a0, a1, a2, a3, n0, n1, n2, n3, w, r); VFMLA V3.S4, w.S4, a3.S4

#define FOUR_LANES(ROWS, TAPS, FMA) \
	TAPS(LOAD_TAP) \
	ROWS(LOAD_DY) \
	ROWS(FMA)

// ADD_SUMSn adds the sums of n accumulators to the weights at R25.
#define ADD_SUM(k, disp) VDUP V0.S[k], V2.S4; FMOVS disp(R25), F1; FADDS F2, F1, F1; FMOVS F1, disp(R25)
#define SUMS(n0, n1, n2, n3) FADDP(n0, n1, 0); FADDP(n2, n3, 1); FADDP(0, 1, 0)
#define ADD_SUMS1(a0, a1, a2, a3, n0, n1, n2, n3, w, r) SUMS(n0, n1, n2, n3); ADD_SUM(0, 0); ADD R26, R25
#define ADD_SUMS2(a0, a1, a2, a3, n0, n1, n2, n3, w, r) SUMS(n0, n1, n2, n3); ADD_SUM(0, 0); ADD_SUM(1, 4); ADD R26, R25
#define ADD_SUMS3(a0, a1, a2, a3, n0, n1, n2, n3, w, r) \
	SUMS(n0, n1, n2, n3); ADD_SUM(0, 0); ADD_SUM(1, 4); ADD_SUM(2, 8); ADD R26, R25
#define ADD_SUMS4(a0, a1, a2, a3, n0, n1, n2, n3, w, r) \
	SUMS(n0, n1, n2, n3); VLD1 (R25), [V1.S4]; FADD(0, 1, 0); VST1 [V0.S4], (R25); ADD R26, R25

#define SKIP(field, r) MOVD field(R0), R24; ADD R24, r

// CORRELATE_GRAD is kernel.gradTile's computation, the tile at R0: one accumulator for each output and tap, whose lanes
// are added at the end.
#define CORRELATE_GRAD(ROWS, TAPS, FMA, ADD_SUMS) \
	MOVD gradTile_taps(R0), R9 \
	MOVD gradTile_repeat(R0), R7 \
repeat: \
	TAPS(OFFSET) \
	ROWS(CLEAR) \
	MOVD gradTile_x(R0), R1 \
	MOVD gradTile_y(R0), R2 \
	MOVD gradTile_xCol(R0), R3 \
	MOVD gradTile_yCol(R0), R4 \
	MOVD gradTile_yOut(R0), R5 \
	MOVD gradTile_blocks(R0), R6 \
block: \
	MOVD gradTile_rows(R0), R8 \
row: \
	MOVD gradTile_cols(R0), R14 \
col: \
	TAPS(TAP_AT) \
	MOVD R2, R24 \
	ROWS(DY_AT) \
	FOUR_LANES(ROWS, TAPS, FMA) \
	FOUR_LANES(ROWS, TAPS, FMA) \
	FOUR_LANES(ROWS, TAPS, FMA) \
	FOUR_LANES(ROWS, TAPS, FMA) \
	ADD R3, R1 \
	ADD R4, R2 \
	SUBS $1, R14, R14 \
	BNE col \
	SKIP(gradTile_xRowSkip, R1) \
	SKIP(gradTile_yRowSkip, R2) \
	SUBS $1, R8, R8 \
	BNE row \
	SKIP(gradTile_xBlockSkip, R1) \
	SKIP(gradTile_yBlockSkip, R2) \
	SUBS $1, R6, R6 \
	BNE block \
	MOVD gradTile_w(R0), R25 \
	MOVW Tap_W(R9), R24 \
	ADD R24<<2, R25, R25 \
	MOVD gradTile_wOut(R0), R26 \
	ROWS(ADD_SUMS) \
	TAPS(NEXT_TAP) \
	SUBS $1, R7, R7 \
	BNE repeat \
	RET

// A tile's shape is its function's place in these tables.
#define TILE(ROWS, o, name) \
TEXT name(SB), NOSPLIT, $0-8 \
	CORRELATE(ROWS) \
DATA correlations<>+(8*(8*o+1))(SB)/8, $name(SB)

#define GRAD_TILE(ROWS, o, TAPS, FMA, ADD_SUMS, k, name) \
TEXT name(SB), NOSPLIT, $0-8 \
	CORRELATE_GRAD(ROWS, TAPS, FMA, ADD_SUMS) \
DATA gradients<>+(8*(8*o+k))(SB)/8, $name(SB)

#define GRAD_TILES(ROWS, o, n1, n2, n3, n4) \
	GRAD_TILE(ROWS, o, TAPS1, FMA1, ADD_SUMS1, 1, n1) \
	GRAD_TILE(ROWS, o, TAPS2, FMA2, ADD_SUMS2, 2, n2) \
	GRAD_TILE(ROWS, o, TAPS3, FMA3, ADD_SUMS3, 3, n3) \
	GRAD_TILE(ROWS, o, TAPS4, FMA4, ADD_SUMS4, 4, n4)

TILE(ROWS1, 1, correlate1<>)
TILE(ROWS2, 2, correlate2<>)
TILE(ROWS3, 3, correlate3<>)
TILE(ROWS4, 4, correlate4<>)
GRAD_TILES(ROWS1, 1, correlateGrad1x1<>, correlateGrad1x2<>, correlateGrad1x3<>, correlateGrad1x4<>)
GRAD_TILES(ROWS2, 2, correlateGrad2x1<>, correlateGrad2x2<>, correlateGrad2x3<>, correlateGrad2x4<>)
GRAD_TILES(ROWS3, 3, correlateGrad3x1<>, correlateGrad3x2<>, correlateGrad3x3<>, correlateGrad3x4<>)
GRAD_TILES(ROWS4, 4, correlateGrad4x1<>, correlateGrad4x2<>, correlateGrad4x3<>, correlateGrad4x4<>)
GLOBL correlations<>(SB), RODATA, $320
GLOBL gradients<>(SB), RODATA, $320

TEXT ·correlateNEON(SB), NOSPLIT, $0-8
	MOVD args+0(FP), R0
	MOVD tile_shape(R0), R1
	MOVD $correlations<>(SB), R2
	MOVD (R2)(R1<<3), R1
	JMP (R1)

TEXT ·correlateGradNEON(SB), NOSPLIT, $0-8
	MOVD args+0(FP), R0
	MOVD gradTile_shape(R0), R1
	MOVD $gradients<>(SB), R2
	MOVD (R2)(R1<<3), R1
	JMP (R1)
