// Sending a file, with its progress. XMLHttpRequest, because fetch() does not tell how far an upload has come.
import { noAnswer, problemOf } from '../../shared/api.ts';
import { tag } from '../../shared/language.ts';
import { api } from '../../shared/place.ts';

const stalled = 30000; // ms without a byte going out or an answer coming in

export type Upload = { done: Promise<void>; cancel: () => void };

export function upload(application: string, material: string, version: number, file: Blob, progress: (part: number) => void): Upload {
  const request = new XMLHttpRequest();
  let timer: ReturnType<typeof setTimeout>;
  const moving = () => {
    clearTimeout(timer);
    timer = setTimeout(() => request.abort(), stalled);
  };

  const done = new Promise<void>((resolve, reject) => {
    request.upload.onprogress = (event) => {
      moving();
      progress(event.lengthComputable ? event.loaded / event.total : 0);
    };
    request.onload = () => {
      if (request.status < 300) return resolve();
      return reject(problemOf(request.status, request.response));
    };
    request.onerror = request.onabort = () => reject(noAnswer());
    request.onloadend = () => clearTimeout(timer);
  });

  request.open('PUT', `${api}/applications/${application}/materials/${material}`);
  request.responseType = 'json';
  request.setRequestHeader('Accept', 'application/json');
  request.setRequestHeader('Accept-Language', tag());
  request.setRequestHeader('Content-Type', 'image/jpeg');
  request.setRequestHeader('If-Match', `"${version}"`);
  moving();
  request.send(file);
  return { done, cancel: () => request.abort() };
}
