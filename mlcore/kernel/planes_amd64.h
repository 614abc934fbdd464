// Sums and maps over kernel.Planes, for the normalisations. An includer has defined, for each vector v of a pixel's lanes,
// registers of its own: p0 to p3 for four numbers a lane, s and d for the sums of even pixels and of odd ones, which are
// two chains side by side. s and d may be among p1 to p3.
//
//	EVEN(F), ODD(F)   F(disp, p0, p1, p2, p3, s, d)
//	BOTH(F)           F(disp, s of even pixels, s of odd ones, d of even, d of odd)

// OVER_PLANES runs F for each vector, which lies at disp(pointer)(R10*1). The planes are at AX.
#define OVER_PLANES(F) \
	MOVQ Planes_Blocks(AX), BX \
	XORQ R8, R8 \
block: \
	MOVQ Planes_Rows(AX), CX \
	MOVQ R8, R9 \
row: \
	MOVQ Planes_Cols(AX), DX \
	MOVQ R9, R10 \
	SUBQ $2, DX \
	JLT odd \
	PCALIGN $32 \
pair: \
	EVEN(F) \
	ODD(F) \
	ADDQ $128, R10 \
	SUBQ $2, DX \
	JGE pair \
odd: \
	CMPQ DX, $-2 \
	JEQ end \
	EVEN(F) \
end: \
	MOVQ Planes_Row(AX), DX \
	LEAQ (R9)(DX*4), R9 \
	DECQ CX \
	JNZ row \
	MOVQ Planes_Block(AX), DX \
	LEAQ (R8)(DX*4), R8 \
	DECQ BX \
	JNZ block

#define P0(disp, p0, p1, p2, p3, s, d) VMOVUPS disp(DX), p0
#define P1(disp, p0, p1, p2, p3, s, d) VMOVUPS disp(DX), p1
#define P2(disp, p0, p1, p2, p3, s, d) VMOVUPS disp(DX), p2
#define P3(disp, p0, p1, p2, p3, s, d) VMOVUPS disp(DX), p3
#define CLEAR_SUMS(disp, p0, p1, p2, p3, s, d) ZERO(s); ZERO(d)
#define ADD_S(disp, s0, s1, d0, d1) VADDPS s1, s0, s0; VADDPS disp(DX), s0, s0; VMOVUPS s0, disp(DX)
#define ADD_D(disp, s0, s1, d0, d1) VADDPS d1, d0, d0; VADDPS disp(DX), d0, d0; VMOVUPS d0, disp(DX)

#define SUM_BODY(disp, p0, p1, p2, p3, s, d) VADDPS disp(SI)(R10*1), s, s

TEXT laneSumFunc(SB), NOSPLIT, $0-24
	MOVQ x+8(FP), SI
	MOVQ p+16(FP), AX
	EVEN(CLEAR_SUMS)
	ODD(CLEAR_SUMS)
	OVER_PLANES(SUM_BODY)
	MOVQ acc+0(FP), DX
	BOTH(ADD_S)
	VZEROUPPER
	RET

#define SQUARES_BODY(disp, p0, p1, p2, p3, s, d) \
	VMOVUPS disp(SI)(R10*1), V0 \
	VSUBPS p0, V0, V0 \
	VFMADD231PS V0, V0, s

TEXT laneSquaresFunc(SB), NOSPLIT, $0-32
	MOVQ x+8(FP), SI
	MOVQ mean+16(FP), DX
	MOVQ p+24(FP), AX
	EVEN(P0)
	EVEN(CLEAR_SUMS)
	ODD(CLEAR_SUMS)
	OVER_PLANES(SQUARES_BODY)
	MOVQ acc+0(FP), DX
	BOTH(ADD_S)
	VZEROUPPER
	RET

#define AFFINE_BODY(disp, p0, p1, p2, p3, s, d) \
	VMOVUPS disp(SI)(R10*1), V0 \
	VFMADD213PS p1, p0, V0 \
	VMAXPS V0, V14, V0 \
	VMOVUPS V0, disp(DI)(R10*1)

TEXT laneAffineFunc(SB), NOSPLIT, $0-44
	MOVQ y+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ scale+16(FP), DX
	EVEN(P0)
	MOVQ shift+24(FP), DX
	EVEN(P1)
	MOVQ p+32(FP), AX
	VBROADCASTSS floor+40(FP), V14
	OVER_PLANES(AFFINE_BODY)
	VZEROUPPER
	RET

// GATE leaves the gate's address in R11 and in V14 what passes it: zero, or without a gate NaN, which passes whatever dy
// is in its place.
#define GATE \
	ZERO(V14) \
	TESTQ R11, R11 \
	JNZ gated \
	MOVQ SI, R11 \
	CONSTANT(constants_nan, V14) \
gated:

// dy at SI where the gate is positive or NaN, else 0: the gradient of a ReLU whose result is the gate.
#define GRADIENT(disp, y) WHERE_NOT_BELOW(disp(R11)(R10*1), V14, disp(SI)(R10*1), y)

#define DOTS_BODY(disp, p0, p1, p2, p3, s, d) \
	GRADIENT(disp, V0) \
	VMOVUPS disp(DI)(R10*1), V1 \
	VSUBPS p0, V1, V1 \
	VADDPS V0, s, s \
	VFMADD231PS V0, V1, d

TEXT laneDotsFunc(SB), NOSPLIT, $0-56
	MOVQ dy+16(FP), SI
	MOVQ gate+24(FP), R11
	MOVQ x+32(FP), DI
	MOVQ mean+40(FP), DX
	MOVQ p+48(FP), AX
	GATE
	EVEN(P0)
	EVEN(CLEAR_SUMS)
	ODD(CLEAR_SUMS)
	OVER_PLANES(DOTS_BODY)
	MOVQ sum+0(FP), DX
	BOTH(ADD_S)
	MOVQ dot+8(FP), DX
	BOTH(ADD_D)
	VZEROUPPER
	RET

#define NORM_GRAD(disp, p0, p1, p2, p3) \
	VMOVUPS disp(R12)(R10*1), V1 \
	VSUBPS p3, V1, V1 \
	GRADIENT(disp, V0) \
	VFMADD213PS p2, p0, V0 \
	VFMADD231PS p1, V1, V0

#define NORM_GRAD_BODY(disp, p0, p1, p2, p3, s, d) \
	NORM_GRAD(disp, p0, p1, p2, p3) \
	VMOVUPS V0, disp(DI)(R10*1)

#define NORM_GRAD_ADD_BODY(disp, p0, p1, p2, p3, s, d) \
	NORM_GRAD(disp, p0, p1, p2, p3) \
	VADDPS disp(DI)(R10*1), V0, V0 \
	VMOVUPS V0, disp(DI)(R10*1)

TEXT laneNormGradAdd<>(SB), NOSPLIT, $0-0
	OVER_PLANES(NORM_GRAD_ADD_BODY)
	VZEROUPPER
	RET

TEXT laneNormGradFunc(SB), NOSPLIT, $0-73
	MOVQ dx+0(FP), DI
	MOVQ dy+8(FP), SI
	MOVQ gate+16(FP), R11
	MOVQ x+24(FP), R12
	MOVQ a+32(FP), DX
	EVEN(P0)
	MOVQ b+40(FP), DX
	EVEN(P1)
	MOVQ c+48(FP), DX
	EVEN(P2)
	MOVQ mean+56(FP), DX
	EVEN(P3)
	MOVQ p+64(FP), AX
	GATE
	CMPB accumulate+72(FP), $0
	JNE add
	OVER_PLANES(NORM_GRAD_BODY)
	VZEROUPPER
	RET
add:
	JMP laneNormGradAdd<>(SB)
