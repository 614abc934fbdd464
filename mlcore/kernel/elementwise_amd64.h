// Maps over n blocks of 16 floats, one vector after the other. Pointers are in DI (what is written), SI, DX and AX.

// MAP runs BODY for each vector, which lies at (pointer)(R8*1), and returns; loop is a label that the function has once.
#define MAP(loop, BODY) \
	SHLQ $6, CX \
	XORQ R8, R8 \
	PCALIGN $32 \
loop: \
	BODY \
	ADDQ $WIDTH, R8 \
	CMPQ R8, CX \
	JLT loop \
	VZEROUPPER \
	RET

#define Y (DI)(R8*1)
#define A (SI)(R8*1)
#define B (DX)(R8*1)
#define C (AX)(R8*1)

// MAXPS returns its second source where one is NaN, or where both are zero: the sum.
#define ADD_BODY \
	VMOVUPS A, V0 \
	VADDPS B, V0, V0 \
	VMAXPS V0, V15, V0 \
	VMOVUPS V0, Y

TEXT addFunc(SB), NOSPLIT, $0-36
	MOVQ y+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	MOVQ n+24(FP), CX
	VBROADCASTSS floor+32(FP), V15
	MAP(loop, ADD_BODY)

#define MUL_BODY \
	VMOVUPS A, V0 \
	VMULPS B, V0, V0 \
	VMOVUPS V0, Y

#define MUL_ADD_BODY \
	VMOVUPS A, V0 \
	VMOVUPS Y, V1 \
	VFMADD231PS B, V0, V1 \
	VMOVUPS V1, Y

TEXT mulFunc(SB), NOSPLIT, $0-33
	MOVQ y+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	MOVQ n+24(FP), CX
	CMPB accumulate+32(FP), $0
	JNE add
	MAP(loop, MUL_BODY)
add:
	MAP(addLoop, MUL_ADD_BODY)

#define SCALE_BODY \
	VMULPS A, V15, V0 \
	VMOVUPS V0, Y

#define SCALE_ADD_BODY \
	VMOVUPS Y, V0 \
	VFMADD231PS A, V15, V0 \
	VMOVUPS V0, Y

TEXT scaleFunc(SB), NOSPLIT, $0-29
	MOVQ y+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ n+16(FP), CX
	VBROADCASTSS s+24(FP), V15
	CMPB accumulate+28(FP), $0
	JNE add
	MAP(loop, SCALE_BODY)
add:
	MAP(addLoop, SCALE_ADD_BODY)

// v = mu v + dw; w -= rate v
#define MOMENTUM_BODY \
	VMOVUPS B, V0 \
	VFMADD213PS A, V14, V0 \
	VMOVUPS V0, B \
	VMOVUPS Y, V1 \
	VFNMADD231PS V0, V15, V1 \
	VMOVUPS V1, Y

TEXT momentumFunc(SB), NOSPLIT, $0-40
	MOVQ w+0(FP), DI
	MOVQ dw+8(FP), SI
	MOVQ v+16(FP), DX
	MOVQ n+24(FP), CX
	VBROADCASTSS rate+32(FP), V15
	VBROADCASTSS mu+36(FP), V14
	MAP(loop, MOMENTUM_BODY)

// m = b1 m + c1 dw; v = b2 v + c2 dw²; w -= step m / (inverse √v + eps)
#define ADAM_BODY \
	VMOVUPS A, V0 \
	VMULPS B, V9, V1 \
	VFMADD231PS V0, V10, V1 \
	VMOVUPS V1, B \
	VMULPS V0, V12, V3 \
	VMULPS C, V11, V2 \
	VFMADD231PS V0, V3, V2 \
	VMOVUPS V2, C \
	VSQRTPS V2, V3 \
	VFMADD213PS V15, V14, V3 \
	VMULPS V1, V13, V1 \
	VDIVPS V3, V1, V1 \
	VMOVUPS Y, V0 \
	VSUBPS V1, V0, V0 \
	VMOVUPS V0, Y

TEXT adamFunc(SB), NOSPLIT, $0-68
	MOVQ w+0(FP), DI
	MOVQ dw+8(FP), SI
	MOVQ m+16(FP), DX
	MOVQ v+24(FP), AX
	MOVQ n+32(FP), CX
	VBROADCASTSS b1+40(FP), V9
	VBROADCASTSS c1+44(FP), V10
	VBROADCASTSS b2+48(FP), V11
	VBROADCASTSS c2+52(FP), V12
	VBROADCASTSS step+56(FP), V13
	VBROADCASTSS inverse+60(FP), V14
	VBROADCASTSS eps+64(FP), V15
	MAP(loop, ADAM_BODY)

// Twelve independent multiply-adds a round, all in registers.
#define PEAK(v) VFMADD213PS V15, V15, v

TEXT peakFunc(SB), NOSPLIT, $0-8
	MOVQ rounds+0(FP), CX
	ZERO(V0)
	ZERO(V1)
	ZERO(V2)
	ZERO(V3)
	ZERO(V4)
	ZERO(V5)
	ZERO(V6)
	ZERO(V7)
	ZERO(V8)
	ZERO(V9)
	ZERO(V10)
	ZERO(V11)
	CONSTANT(constants_half, V15)
loop:
	PEAK(V0)
	PEAK(V1)
	PEAK(V2)
	PEAK(V3)
	PEAK(V4)
	PEAK(V5)
	PEAK(V6)
	PEAK(V7)
	PEAK(V8)
	PEAK(V9)
	PEAK(V10)
	PEAK(V11)
	DECQ CX
	JNZ loop
	VZEROUPPER
	RET
