export interface StrokeOptions {
  size?: number;
  thinning?: number;
  smoothing?: number;
  streamline?: number;
  simulatePressure?: boolean;
  last?: boolean;
}

/** The outline of a stroke of [x, y] or [x, y, pressure] points, to be filled. */
export function getStroke(points: number[][], options?: StrokeOptions): number[][];
