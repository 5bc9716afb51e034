export { FilesModule } from './files.module.js';
export { LocalFiles, type LocalFilesOptions } from './local-files.js';
export { checkBucket, connectS3, s3PlaceOf, statusOf, type S3Place, type S3Settings } from './s3-client.js';
