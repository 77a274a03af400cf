// Uploads of one application go one after the other: each says which version it was made from, and makes the next one.
import { Problem, sessionRenewed } from '../../shared/api.ts';
import { applicationGet, isStale, type Application } from '../application.ts';
import { upload, type Upload } from './upload.ts';

export type Job = {
  material: string;
  file: Blob;
  progress: (part: number) => void;
  /** How to stop it, once it has begun. */
  begun: (cancel: () => void) => void;
};

export class UploadQueue {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private application: Application, private readonly changed: (application: Application) => void) {}

  send(job: Job): Promise<void> {
    const sent = this.last.then(() => this.sendNow(job));
    this.last = sent.catch(() => {});
    return sent;
  }

  private async reload() {
    this.application = await applicationGet(this.application.id);
    this.changed(this.application);
  }

  private begin(job: Job): Upload {
    const begun = upload(this.application.id, job.material, this.application.version, job.file, job.progress);
    job.begun(begun.cancel);
    return begun;
  }

  private async sendNow(job: Job) {
    try {
      await this.begin(job).done;
    } catch (error) {
      // Another topic was saved meanwhile, or the session had ended: neither is about this file.
      const renewed = error instanceof Problem && error.status === 401 && (await sessionRenewed());
      if (!renewed && !isStale(error)) throw error;
      await this.reload();
      await this.begin(job).done;
    }
    await this.reload();
  }
}
