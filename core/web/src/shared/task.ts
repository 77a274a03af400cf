// Letting the browser draw, and hear who touches it, before going on.
export const nextTask = () => new Promise<void>((resolve) => { setTimeout(resolve); });
