/** Of ImageNet's training images, red, green, blue, on a scale of 0 to 1 (torchvision): what pretrained networks expect. */
export const IMAGENET_MEAN = [0.485, 0.456, 0.406] as const
export const IMAGENET_DEVIATION = [0.229, 0.224, 0.225] as const

/**
 * Writes a grey plane [S * S] of display values 0..1 as three channels [3, S, S], normalised as ImageNet is.
 * @param place where in `image` the film begins
 */
export function greyToImage(plane: Float32Array, image: Float32Array, place = 0): void {
  for (let channel = 0; channel < 3; channel++) {
    const mean = IMAGENET_MEAN[channel]!
    const deviation = IMAGENET_DEVIATION[channel]!
    const offset = place + channel * plane.length
    for (let i = 0; i < plane.length; i++) image[offset + i] = (plane[i]! - mean) / deviation
  }
}
