// The micro-kernels of the correlations, for every kind of vector: tiles of a few rows, which are outputs, and columns, which
// are pixels or taps. An includer has defined
//
//	V0, V1, …                       the vector registers, and ZERO(v)
//	IN0 to IN4, WEIGHT              those for vectors of x, one a column, and for a weight or a vector of dy
//	ROWS1(F, COLS, b, u, s), …      F(COLS, address, accumulators) for each row; the addresses lie s apart from b on, and u
//	                                is b + 2s
//	FOLD(m, v, in)                  the sum of an accumulator's upper and lower eight lanes, in the register in
//	LINES(ROWS, COLS, TAPS)         LINE0, and LINE32 where a vector holds half of a pixel's lanes

// COLSn calls F(address, accumulator, pixel's register) for n columns, s apart from b on; u is b + 2s.
#define COLS1(F, b, u, s, v0, v1, v2, v3, v4) F((b), v0, IN0)
#define COLS2(F, b, u, s, v0, v1, v2, v3, v4) COLS1(F, b, u, s, v0, v1, v2, v3, v4); F((b)(s*1), v1, IN1)
#define COLS3(F, b, u, s, v0, v1, v2, v3, v4) COLS2(F, b, u, s, v0, v1, v2, v3, v4); F((b)(s*2), v2, IN2)
#define COLS4(F, b, u, s, v0, v1, v2, v3, v4) COLS3(F, b, u, s, v0, v1, v2, v3, v4); F((u)(s*1), v3, IN3)
#define COLS5(F, b, u, s, v0, v1, v2, v3, v4) COLS4(F, b, u, s, v0, v1, v2, v3, v4); F((u)(s*2), v4, IN4)

// What is done with a column.
#define LOAD_IN(m, v, in) VMOVUPS m, in
#define ASK(m, v, in) PREFETCHT0 m
#define SET(m, v, in) VMOVAPS WEIGHT, v
#define MULTIPLY_ADD(m, v, in) VFMADD231PS in, WEIGHT, v
#define ADD(m, v, in) VADDPS m, v, v
#define POSITIVE(m, v, in) VMAXPS v, V0, v
#define KEEP(m, v, in) VANDPS V0, v, v
#define CLEAR(m, v, in) ZERO(v)
#define PUT(m, v, in) VMOVUPS v, m

// What is done with a row: its registers alone, with what WEIGHT holds at the address, or with the columns at the address.
#define ROW(F, COLS, v0, v1, v2, v3, v4) COLS(F, R12, DX, R10, v0, v1, v2, v3, v4)
#define AT(F, COLS, m, v0, v1, v2, v3, v4) LEAQ m, R12; LEAQ (R12)(R10*2), DX; ROW(F, COLS, v0, v1, v2, v3, v4)
#define BIAS_ROW(COLS, m, v0, v1, v2, v3, v4) VBROADCASTSS m, WEIGHT; ROW(SET, COLS, v0, v1, v2, v3, v4)
#define TAP_ROW(COLS, m, v0, v1, v2, v3, v4) VBROADCASTSS m, WEIGHT; ROW(MULTIPLY_ADD, COLS, v0, v1, v2, v3, v4)
#define ASK_ROW(COLS, m, v0, v1, v2, v3, v4) AT(ASK, COLS, m, v0, v1, v2, v3, v4)
#define ADD_ROW(COLS, m, v0, v1, v2, v3, v4) AT(ADD, COLS, m, v0, v1, v2, v3, v4)
#define POSITIVE_ROW(COLS, m, v0, v1, v2, v3, v4) ROW(POSITIVE, COLS, v0, v1, v2, v3, v4)
#define KEEP_ROW(COLS, m, v0, v1, v2, v3, v4) ROW(KEEP, COLS, v0, v1, v2, v3, v4)
#define PUT_ROW(COLS, m, v0, v1, v2, v3, v4) AT(PUT, COLS, m, v0, v1, v2, v3, v4)
#define CLEAR_ROW(COLS, m, v0, v1, v2, v3, v4) ROW(CLEAR, COLS, v0, v1, v2, v3, v4)

// EACH_Y does something with each row of accumulators and its place in y, of which the first is at R13.
#define EACH_Y(ROWS, COLS, F) \
	MOVQ tile_yCol(AX), R10 \
	MOVQ tile_yOut(AX), R11 \
	LEAQ (R13)(R11*2), R14 \
	ROWS(F, COLS, R13, R14, R11)

// CORRELATE is kernel.tile's computation, the tile at AX: the accumulators stay in registers over all taps. The result's
// memory is asked for while the taps are summed: a store to a line that is in no cache would hold up what comes behind it.
// MAXPS returns its second source where one is NaN: the accumulator.
//
// SI, DI, BX, CX: x, w, y and bias of this repetition; R8, R9: xCol, wOut; R10, R11: the tap and how many are left. Between the
// taps R10 to R14 and DX are addresses and strides.
#define CORRELATE(ROWS, COLS) \
	MOVQ tile_x(AX), SI \
	MOVQ tile_w(AX), DI \
	MOVQ tile_y(AX), BX \
	MOVQ tile_bias(AX), CX \
repeat: \
	MOVQ BX, R13 \
	EACH_Y(ROWS, COLS, ASK_ROW) \
	MOVQ $4, R11 \
	LEAQ 8(CX), R14 \
	ROWS(BIAS_ROW, COLS, CX, R14, R11) \
	MOVQ tile_xCol(AX), R8 \
	MOVQ tile_wOut(AX), R9 \
	MOVQ tile_taps(AX), R10 \
	MOVQ tile_tapCount(AX), R11 \
	TESTQ R11, R11 \
	JZ store \
	PCALIGN $32 \
tap: \
	MOVLQSX Tap_X(R10), R12 \
	MOVLQSX Tap_W(R10), R13 \
	LEAQ (SI)(R12*4), R12 \
	LEAQ (DI)(R13*4), R13 \
	LEAQ (R12)(R8*2), DX \
	LEAQ (R13)(R9*2), R14 \
	COLS(LOAD_IN, R12, DX, R8, V0, V0, V0, V0, V0) \
	ROWS(TAP_ROW, COLS, R13, R14, R9) \
	ADDQ $Tap__size, R10 \
	DECQ R11 \
	JNZ tap \
store: \
	CMPQ tile_accumulate(AX), $0 \
	JEQ relu \
	MOVQ BX, R13 \
	ADDQ tile_source(AX), R13 \
	EACH_Y(ROWS, COLS, ADD_ROW) \
relu: \
	CMPQ tile_relu(AX), $0 \
	JEQ idle \
	ZERO(V0) \
	ROWS(POSITIVE_ROW, COLS, R13, R14, R11) \
idle: \
	MOVQ tile_mask(AX), R10 \
	TESTQ R10, R10 \
	JZ put \
	VMOVUPS (R10), V0 \
	ROWS(KEEP_ROW, COLS, R13, R14, R11) \
put: \
	MOVQ BX, R13 \
	EACH_Y(ROWS, COLS, PUT_ROW) \
	ADDQ tile_xStep(AX), SI \
	ADDQ tile_wStep(AX), DI \
	ADDQ tile_yStep(AX), BX \
	ADDQ tile_bStep(AX), CX \
	DECQ tile_repeat(AX) \
	JNZ repeat \
	VZEROUPPER \
	RET

// TAPSn calls F(tap, register of its offset, register of its vector) for n taps.
#define TAPS1(F) F(0, R11, IN0)
#define TAPS2(F) TAPS1(F); F(1, R12, IN1)
#define TAPS3(F) TAPS2(F); F(2, R13, IN2)
#define TAPS4(F) TAPS3(F); F(3, R14, IN3)

#define OFFSET(k, offset, in) MOVLQSX (k*Tap__size+Tap_X)(BX), offset; SHLQ $2, offset
#define NEXT_TAP(k, offset, in) ADDQ $Tap__size, BX
#define LOAD_TAP0(k, offset, in) VMOVUPS (SI)(offset*1), in
#define LOAD_TAP32(k, offset, in) VMOVUPS 32(SI)(offset*1), in
#define DY0_ROW(COLS, m, v0, v1, v2, v3, v4) VMOVUPS m, WEIGHT; ROW(MULTIPLY_ADD, COLS, v0, v1, v2, v3, v4)
#define DY32_ROW(COLS, m, v0, v1, v2, v3, v4) VMOVUPS 32 m, WEIGHT; ROW(MULTIPLY_ADD, COLS, v0, v1, v2, v3, v4)

// LINE multiplies and adds one vector of a pixel: its lanes from the first on, or from the ninth.
#define LINE0(ROWS, COLS, TAPS) TAPS(LOAD_TAP0); ROWS(DY0_ROW, COLS, DI, DX, R10)
#define LINE32(ROWS, COLS, TAPS) TAPS(LOAD_TAP32); ROWS(DY32_ROW, COLS, DI, DX, R10)

// SUM leaves the sums of Y0, Y1, Y2 and Y3 in the elements of X0.
#define SUM \
	VHADDPS Y1, Y0, Y0 \
	VHADDPS Y3, Y2, Y2 \
	VHADDPS Y2, Y0, Y0 \
	VEXTRACTF128 $1, Y0, X1 \
	VADDPS X1, X0, X0

// ADD_SUMSn_ROW adds the sums of n accumulators to the weights at m.
#define ADD_SUM(i, x, m) VADDSS i m, x, x; VMOVSS x, i m
#define SUMS(COLS, v0, v1, v2, v3, v4) ROW(FOLD, COLS, v0, v1, v2, v3, v4); SUM
#define ADD_SUMS1_ROW(COLS, m, v0, v1, v2, v3, v4) SUMS(COLS, v0, v1, v2, v3, v4); ADD_SUM(0, X0, m)
#define ADD_SUMS2_ROW(COLS, m, v0, v1, v2, v3, v4) SUMS(COLS, v0, v1, v2, v3, v4); VMOVSHDUP X0, X1; ADD_SUM(4, X1, m); ADD_SUM(0, X0, m)
#define ADD_SUMS3_ROW(COLS, m, v0, v1, v2, v3, v4) \
	SUMS(COLS, v0, v1, v2, v3, v4); VMOVHLPS X0, X0, X1; ADD_SUM(8, X1, m); VMOVSHDUP X0, X1; ADD_SUM(4, X1, m); ADD_SUM(0, X0, m)
#define ADD_SUMS4_ROW(COLS, m, v0, v1, v2, v3, v4) SUMS(COLS, v0, v1, v2, v3, v4); VADDPS m, X0, X0; VMOVUPS X0, m

// CORRELATE_GRAD is kernel.gradTile's computation, the tile at AX: one vector accumulator for each output and tap over all
// pixels, whose lanes are added at the end. The place among the taps is kept in memory as a number: a pointer behind the
// last would confuse the garbage collector. The weights of neighbouring taps are neighbours.
//
// SI, DI: the pixel in x and in y; R8, R9, R10: xCol, yCol, yOut; BX: the first tap; CX: columns left; R11 to R14: offsets.
#define CORRELATE_GRAD(ROWS, COLS, TAPS, ADD_SUMS_ROW) \
	MOVQ gradTile_taps(AX), BX \
	MOVQ BX, gradTile_tap(AX) \
repeat: \
	MOVQ gradTile_tap(AX), BX \
	TAPS(OFFSET) \
	ROWS(CLEAR_ROW, COLS, R8, R8, R8) \
	MOVQ gradTile_x(AX), SI \
	MOVQ gradTile_y(AX), DI \
	MOVQ gradTile_xCol(AX), R8 \
	MOVQ gradTile_yCol(AX), R9 \
	MOVQ gradTile_yOut(AX), R10 \
	MOVQ gradTile_blocks(AX), CX \
	MOVQ CX, gradTile_blocksLeft(AX) \
block: \
	MOVQ gradTile_rows(AX), CX \
	MOVQ CX, gradTile_rowsLeft(AX) \
row: \
	MOVQ gradTile_cols(AX), CX \
	PCALIGN $32 \
col: \
	LEAQ (DI)(R10*2), DX \
	LINES(ROWS, COLS, TAPS) \
	ADDQ R8, SI \
	ADDQ R9, DI \
	DECQ CX \
	JNZ col \
	ADDQ gradTile_xRowSkip(AX), SI \
	ADDQ gradTile_yRowSkip(AX), DI \
	DECQ gradTile_rowsLeft(AX) \
	JNZ row \
	ADDQ gradTile_xBlockSkip(AX), SI \
	ADDQ gradTile_yBlockSkip(AX), DI \
	DECQ gradTile_blocksLeft(AX) \
	JNZ block \
	MOVLQSX Tap_W(BX), DX \
	MOVQ gradTile_w(AX), CX \
	LEAQ (CX)(DX*4), CX \
	MOVQ gradTile_wOut(AX), R8 \
	LEAQ (CX)(R8*2), DX \
	ROWS(ADD_SUMS_ROW, COLS, CX, DX, R8) \
	TAPS(NEXT_TAP) \
	MOVQ BX, gradTile_tap(AX) \
	DECQ gradTile_repeat(AX) \
	JNZ repeat \
	VZEROUPPER \
	RET

// A tile's shape, 8 times its rows plus its columns, is its function's place in these tables.
#define TILE(ROWS, COLS, o, p, name) \
TEXT name(SB), NOSPLIT, $0-8 \
	CORRELATE(ROWS, COLS) \
DATA correlations<>+(8*(8*o+p))(SB)/8, $name(SB)

#define GRAD_TILE(ROWS, COLS, TAPS, ADD_SUMS_ROW, o, k, name) \
TEXT name(SB), NOSPLIT, $0-8 \
	CORRELATE_GRAD(ROWS, COLS, TAPS, ADD_SUMS_ROW) \
DATA gradients<>+(8*(8*o+k))(SB)/8, $name(SB)

GLOBL correlations<>(SB), RODATA, $384
GLOBL gradients<>(SB), RODATA, $384

TEXT correlateFunc(SB), NOSPLIT, $0-8
	MOVQ args+0(FP), AX
	MOVQ tile_shape(AX), BX
	LEAQ correlations<>(SB), CX
	JMP (CX)(BX*8)

TEXT correlateGradFunc(SB), NOSPLIT, $0-8
	MOVQ args+0(FP), AX
	MOVQ gradTile_shape(AX), BX
	LEAQ gradients<>(SB), CX
	JMP (CX)(BX*8)

#define TILES(ROWS, o, n1, n2, n3) \
	TILE(ROWS, COLS1, o, 1, n1) \
	TILE(ROWS, COLS2, o, 2, n2) \
	TILE(ROWS, COLS3, o, 3, n3)

#define GRAD_TILES(ROWS, o, n1, n2, n3) \
	GRAD_TILE(ROWS, COLS1, TAPS1, ADD_SUMS1_ROW, o, 1, n1) \
	GRAD_TILE(ROWS, COLS2, TAPS2, ADD_SUMS2_ROW, o, 2, n2) \
	GRAD_TILE(ROWS, COLS3, TAPS3, ADD_SUMS3_ROW, o, 3, n3)
