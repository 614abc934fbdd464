// The tiles of 32 registers: up to 5 outputs and 5 pixels or 4 taps, beside those of tiles_amd64.h.
#define IN0 V0
#define IN1 V1
#define IN2 V2
#define IN3 V3
#define IN4 V4
#define WEIGHT V5
#define ROWS1(F, COLS, b, u, s) F(COLS, (b), V7, V8, V9, V10, V11)
#define ROWS2(F, COLS, b, u, s) ROWS1(F, COLS, b, u, s); F(COLS, (b)(s*1), V12, V13, V14, V15, V16)
#define ROWS3(F, COLS, b, u, s) ROWS2(F, COLS, b, u, s); F(COLS, (b)(s*2), V17, V18, V19, V20, V21)
#define ROWS4(F, COLS, b, u, s) ROWS3(F, COLS, b, u, s); F(COLS, (u)(s*1), V22, V23, V24, V25, V26)
#define ROWS5(F, COLS, b, u, s) ROWS4(F, COLS, b, u, s); F(COLS, (u)(s*2), V27, V28, V29, V30, V31)
#define LINES(ROWS, COLS, TAPS) LINE0(ROWS, COLS, TAPS)

#include "tiles_amd64.h"

#define MORE_TILES(ROWS, o, n4, n5, g4) \
	TILE(ROWS, COLS4, o, 4, n4) \
	TILE(ROWS, COLS5, o, 5, n5) \
	GRAD_TILE(ROWS, COLS4, TAPS4, ADD_SUMS4_ROW, o, 4, g4)

TILES(ROWS1, 1, correlate1x1<>, correlate1x2<>, correlate1x3<>)
GRAD_TILES(ROWS1, 1, correlateGrad1x1<>, correlateGrad1x2<>, correlateGrad1x3<>)
MORE_TILES(ROWS1, 1, correlate1x4<>, correlate1x5<>, correlateGrad1x4<>)
TILES(ROWS2, 2, correlate2x1<>, correlate2x2<>, correlate2x3<>)
GRAD_TILES(ROWS2, 2, correlateGrad2x1<>, correlateGrad2x2<>, correlateGrad2x3<>)
MORE_TILES(ROWS2, 2, correlate2x4<>, correlate2x5<>, correlateGrad2x4<>)
TILES(ROWS3, 3, correlate3x1<>, correlate3x2<>, correlate3x3<>)
GRAD_TILES(ROWS3, 3, correlateGrad3x1<>, correlateGrad3x2<>, correlateGrad3x3<>)
MORE_TILES(ROWS3, 3, correlate3x4<>, correlate3x5<>, correlateGrad3x4<>)
TILES(ROWS4, 4, correlate4x1<>, correlate4x2<>, correlate4x3<>)
GRAD_TILES(ROWS4, 4, correlateGrad4x1<>, correlateGrad4x2<>, correlateGrad4x3<>)
MORE_TILES(ROWS4, 4, correlate4x4<>, correlate4x5<>, correlateGrad4x4<>)
TILES(ROWS5, 5, correlate5x1<>, correlate5x2<>, correlate5x3<>)
GRAD_TILES(ROWS5, 5, correlateGrad5x1<>, correlateGrad5x2<>, correlateGrad5x3<>)
MORE_TILES(ROWS5, 5, correlate5x4<>, correlate5x5<>, correlateGrad5x4<>)
