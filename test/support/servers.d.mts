export declare const MYSQL_URL: string;
export declare const AMQP_URL: string;
export declare const S3_ENDPOINT: string;
export declare function missingServers(): Promise<{ mysql: string | null; rabbitmq: string | null; s3: string | null }>;
