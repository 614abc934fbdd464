// AVX-512: 16 lanes a vector, 32 registers.

#include "textflag.h"
#include "go_asm.h"

#define WIDTH 64
#define V0 Z0
#define V1 Z1
#define V2 Z2
#define V3 Z3
#define V4 Z4
#define V5 Z5
#define V6 Z6
#define V7 Z7
#define V8 Z8
#define V9 Z9
#define V10 Z10
#define V11 Z11
#define V12 Z12
#define V13 Z13
#define V14 Z14
#define V15 Z15
#define V16 Z16
#define V17 Z17
#define V18 Z18
#define V19 Z19
#define V20 Z20
#define V21 Z21
#define V22 Z22
#define V23 Z23
#define V24 Z24
#define V25 Z25
#define V26 Z26
#define V27 Z27
#define V28 Z28
#define V29 Z29
#define V30 Z30
#define V31 Z31
#define ZERO(v) VPXORD v, v, v

#define FOLD(m, v, in) VEXTRACTF64X4 $1, v, Y6; VADDPS v, Z6, in
#define correlateFunc ·correlateAVX512
#define correlateGradFunc ·correlateGradAVX512
#include "tiles512_amd64.h"

#define CONSTANT(c, y) VBROADCASTSS ·floats+c(SB), y
#define MUL_C(c, x, y) VMULPS.BCST ·floats+c(SB), x, y
#define ADD_C(c, x, y) VADDPS.BCST ·floats+c(SB), x, y
#define SUB_C(c, x, y) VSUBPS.BCST ·floats+c(SB), x, y
#define FMADD_C(c, x, y) VFMADD213PS.BCST ·floats+c(SB), x, y
#define FNMADD_C(c, x, y) VFNMADD231PS.BCST ·floats+c(SB), x, y
#define ROUND(x) VRNDSCALEPS $0, x, x
#define LDEXP(n, y) VSCALEFPS n, y, y
#define LDEXP_BY(l, m, n, y) VSCALEFPS n, y, y
#define CHOOSE(limit, x, yes, no, y) VCMPPS $1, x, limit, K1; VBLENDMPS yes, no, K1, y
#define WHERE_NOT_BELOW(gate, limit, dy, y) VCMPPS $9, gate, limit, K1; VMOVUPS.Z dy, K1, y
#define addFunc ·addAVX512
#define mulFunc ·mulAVX512
#define scaleFunc ·scaleAVX512
#define momentumFunc ·momentumAVX512
#define adamFunc ·adamAVX512
#define peakFunc ·peakAVX512
#include "elementwise_amd64.h"
#define activateFunc ·activateAVX512
#define activateGradFunc ·activateGradAVX512
#include "activations_amd64.h"

#define EVEN(F) F(0, V4, V5, V6, V7, V8, V9)
#define ODD(F) F(64, V4, V5, V6, V7, V10, V11)
#define BOTH(F) F(0, V8, V10, V9, V11)
#define laneSumFunc ·laneSumAVX512
#define laneSquaresFunc ·laneSquaresAVX512
#define laneAffineFunc ·laneAffineAVX512
#define laneDotsFunc ·laneDotsAVX512
#define laneNormGradFunc ·laneNormGradAVX512
#include "planes_amd64.h"
