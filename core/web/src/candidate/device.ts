// What the device is like, where that changes what somebody has to be told.
export const touch = window.matchMedia('(pointer: coarse)').matches;

/** WeChat's own browser: on most telephones it saves no file. */
export const inWeChat = /MicroMessenger/.test(navigator.userAgent);
