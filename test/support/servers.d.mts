export declare const MYSQL_URL: string;
export declare const AMQP_URL: string;
export declare function missingServers(): Promise<{ mysql: string | null; rabbitmq: string | null }>;
