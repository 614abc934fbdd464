// AVX2 with FMA: 8 lanes a vector, 16 registers.

#include "textflag.h"
#include "go_asm.h"

#define WIDTH 32
#define V0 Y0
#define V1 Y1
#define V2 Y2
#define V3 Y3
#define V4 Y4
#define V5 Y5
#define V6 Y6
#define V7 Y7
#define V8 Y8
#define V9 Y9
#define V10 Y10
#define V11 Y11
#define V12 Y12
#define V13 Y13
#define V14 Y14
#define V15 Y15
#define ZERO(v) VXORPS v, v, v

// A correlation's tile is half of its lanes; the caller runs both halves.
#define IN0 V0
#define IN1 V1
#define IN2 V2
#define WEIGHT V3
#define ROWS1(F, COLS, b, u, s) F(COLS, (b), V4, V5, V6, V0, V0)
#define ROWS2(F, COLS, b, u, s) ROWS1(F, COLS, b, u, s); F(COLS, (b)(s*1), V7, V8, V9, V0, V0)
#define ROWS3(F, COLS, b, u, s) ROWS2(F, COLS, b, u, s); F(COLS, (b)(s*2), V10, V11, V12, V0, V0)
#define ROWS4(F, COLS, b, u, s) ROWS3(F, COLS, b, u, s); F(COLS, (u)(s*1), V13, V14, V15, V0, V0)
#define LINES(ROWS, COLS, TAPS) LINE0(ROWS, COLS, TAPS); LINE32(ROWS, COLS, TAPS)
#define FOLD(m, v, in) VMOVAPS v, in
#define correlateFunc ·correlateAVX2
#define correlateGradFunc ·correlateGradAVX2
#include "tiles_amd64.h"

TILES(ROWS1, 1, correlate1x1<>, correlate1x2<>, correlate1x3<>)
TILES(ROWS2, 2, correlate2x1<>, correlate2x2<>, correlate2x3<>)
TILES(ROWS3, 3, correlate3x1<>, correlate3x2<>, correlate3x3<>)
TILES(ROWS4, 4, correlate4x1<>, correlate4x2<>, correlate4x3<>)
GRAD_TILES(ROWS1, 1, correlateGrad1x1<>, correlateGrad1x2<>, correlateGrad1x3<>)
GRAD_TILES(ROWS2, 2, correlateGrad2x1<>, correlateGrad2x2<>, correlateGrad2x3<>)
GRAD_TILES(ROWS3, 3, correlateGrad3x1<>, correlateGrad3x2<>, correlateGrad3x3<>)
GRAD_TILES(ROWS4, 4, correlateGrad4x1<>, correlateGrad4x2<>, correlateGrad4x3<>)

#define CONSTANT(c, y) VBROADCASTSS ·floats+c(SB), y
#define MUL_C(c, x, y) CONSTANT(c, V15); VMULPS V15, x, y
#define ADD_C(c, x, y) CONSTANT(c, V15); VADDPS V15, x, y
#define SUB_C(c, x, y) CONSTANT(c, V15); VSUBPS V15, x, y
#define FMADD_C(c, x, y) CONSTANT(c, V15); VFMADD213PS V15, x, y
#define FNMADD_C(c, x, y) CONSTANT(c, V15); VFNMADD231PS V15, x, y
#define ROUND(x) VROUNDPS $0, x, x
#define LDEXP(n, y) VCVTPS2DQ n, n; VPSLLD $23, n, n; VPADDD n, y, y
#define LDEXP_BY(l, m, n, y) VCVTPS2DQ n, n; VPSLLD $23, n, n; CONSTANT(l, V15); VPADDD V15, n, n; VMULPS n, y, y; MUL_C(m, y, y)
#define CHOOSE(limit, x, yes, no, y) VCMPPS $1, x, limit, V14; VBLENDVPS V14, yes, no, y
#define WHERE_NOT_BELOW(gate, limit, dy, y) VCMPPS $9, gate, limit, y; VANDPS dy, y, y
#define addFunc ·addAVX2
#define mulFunc ·mulAVX2
#define scaleFunc ·scaleAVX2
#define momentumFunc ·momentumAVX2
#define adamFunc ·adamAVX2
#define peakFunc ·peakAVX2
#include "elementwise_amd64.h"
#define activateFunc ·activateAVX2
#define activateGradFunc ·activateGradAVX2
#include "activations_amd64.h"

#define EVEN(F) F(0, V4, V5, V6, V7, V5, V6); F(32, V8, V9, V10, V11, V9, V10)
#define ODD(F) F(64, V4, V5, V6, V7, V7, V12); F(96, V8, V9, V10, V11, V11, V13)
#define BOTH(F) F(0, V5, V7, V6, V12); F(32, V9, V11, V10, V13)
#define laneSumFunc ·laneSumAVX2
#define laneSquaresFunc ·laneSquaresAVX2
#define laneAffineFunc ·laneAffineAVX2
#define laneDotsFunc ·laneDotsAVX2
#define laneNormGradFunc ·laneNormGradAVX2
#include "planes_amd64.h"
