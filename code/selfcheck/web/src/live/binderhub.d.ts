declare module "@jupyterhub/binderhub-client/client.js" {
  export interface Line {
    phase?: string;
    message?: string;
    url?: string;
    token?: string;
  }
  export class BinderRepository {
    constructor(spec: string, buildEndpoint: URL, options?: object);
    fetch(): AsyncIterable<Line>;
    close(): void;
  }
}
