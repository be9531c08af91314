/** A QR code: `size` modules in each direction, without a border. */
export interface Bitmap2D {
  readonly size: number;
  get(x: number, y: number): boolean;
}

export const correction: { readonly L: number; readonly M: number; readonly Q: number; readonly H: number };

export function generate(text: string, options?: { minCorrectionLevel?: number }): Bitmap2D;
