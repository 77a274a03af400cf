// What a good picture of each kind looks like: drawings, of nobody.
import photo from './examples/photo.svg';
import portrait from './examples/portrait.svg';
import scan from './examples/scan.svg';

export const examples: Record<string, string> = { portrait, photo, scan };
