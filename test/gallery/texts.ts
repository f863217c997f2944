/** Long as a radiological sentence can be, in the language that breaks lines by words and has none of the Latin widths. */
export const LONG_KOREAN =
  '재태주령과 출생체중이 알려지지 않은 신생아의 흉부 영상 가운데 판독자 사이에 의견이 갈린 영상을 먼저 보기'
export const LONG_PATH =
  '/home/kim/신생아중환자실/2026년 1차 연구/흉부영상/site-B/patient-000123/film-2026-01-17T03-12-45.dcm'
