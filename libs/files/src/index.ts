export { FilesModule } from './files.module.js';
export { LocalFiles, type LocalFilesOptions } from './local-files.js';
